"""The run of a comparison, and what is asked of a finished one."""
