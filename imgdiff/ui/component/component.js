/** What Streamlit calls of a component, and what the component hears of it: the newest, and once. */

/**
 * Streamlit's entry to a component: it is called at every change of data or theme, on the same
 * element, so all state lives there.
 *
 * Calls that come before the module is there wait for it, and then go on in any order: Chromium
 * keeps them in a set. So what is told has a number, and what comes too late is passed over.
 *
 * @param {new (root: ShadowRoot) => {connect?: (ways: object) => void,
 *     update: (payload: object) => void, destroy?: () => void}} Component
 */
export function entryTo(Component) {
  return ({ parentElement, data, ...ways }) => {
    parentElement.component ??= new Component(parentElement);
    const { component } = parentElement;
    if (isNewer(data, component.told)) {
      component.told = data;
      component.connect?.(ways);
      component.update(JSON.parse(data.payload));
    }
    return () => {
      // Streamlit may clean up after a call that a later one has overtaken: then it goes on.
      if (parentElement.isConnected) return;
      component.destroy?.();
      delete parentElement.component;
    };
  };
}

/** Whether it was told after the last, or by a server that knows nothing of that. */
export function isNewer({ session, number }, last) {
  return session !== last?.session || number > last.number;
}
