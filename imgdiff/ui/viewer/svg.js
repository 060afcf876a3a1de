/** Elements of the drawing over the pictures. */

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function rect([x, y, width, height], className) {
  const attributes = { x, y, width, height, class: className };
  return svg("rect", { ...attributes, "data-width": width, "data-height": height });
}

export function line([x1, y1], [x2, y2], className) {
  return svg("line", { x1, y1, x2, y2, class: className });
}
