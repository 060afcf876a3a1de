"""A page with a component of version 2, whose script is a module that Streamlit makes a blob of."""

import streamlit as st

greet = st.components.v2.component(
    "greeting",
    html="<p id='greeting'>waiting</p>",
    css="p { color: rgb(0, 128, 0); }",
    js="""
export default function ({ parentElement, data }) {
  parentElement.querySelector("#greeting").textContent = `Hello, ${data.name}`;
}
""",
)
greet(data={"name": "world"}, key="greeting")
