import assert from "node:assert/strict";
import test from "node:test";

import { entryTo } from "../../imgdiff/ui/component/component.js";

class Told {
  constructor() {
    Object.assign(this, { shown: [], isDestroyed: false });
  }

  connect({ send }) {
    this.send = send;
  }

  update(payload) {
    this.shown.push(payload);
  }

  destroy() {
    this.isDestroyed = true;
  }
}

/** Tell an element several things, by their numbers, in the order in which the calls come. */
function tell(element, ...told) {
  const show = entryTo(Told);
  return told.map(([session, number]) =>
    show({ parentElement: element, data: { session, number, payload: JSON.stringify(number) }, send: number }),
  );
}

test("in whatever order calls come, the newest is what is shown, each at most once", () => {
  for (const order of [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1], [3, 3, 3]]) {
    const element = { isConnected: true };
    tell(element, ...order.map((number) => ["a", number]));
    const { shown, send } = element.component;
    assert.equal(shown.at(-1), 3);
    assert.equal(send, 3);
    assert.deepEqual(shown, [...new Set(shown)].sort());
  }
});

test("another session counts anew", () => {
  const element = { isConnected: true };
  tell(element, ["a", 7], ["b", 1]);
  assert.deepEqual(element.component.shown, [7, 1]);
});

test("it ends with its element, not with a call that was overtaken", () => {
  const element = { isConnected: true };
  const [cleanUp] = tell(element, ["a", 1]);
  const { component } = element;
  cleanUp();
  assert.equal(element.component, component);
  element.isConnected = false;
  cleanUp();
  assert.ok(component.isDestroyed);
  tell(element, ["a", 1]);
  assert.deepEqual(element.component.shown, [1]);
});
