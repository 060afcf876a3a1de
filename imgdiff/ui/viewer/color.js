/**
 * Colours in numbers that people know: pure functions, no document.
 *
 * ΔE is arithmetic of the core's that stands here a second time, since what is said under a moving pointer
 * can't wait for a server; a test holds it to the method's own numbers.
 */

/** Hue in degrees, saturation and lightness in percent. */
export function hsl([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => value / 255);
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [light, spread] = [(most + least) / 2, most - least];
  if (spread === 0) return [0, 0, Math.round(100 * light)];
  const hue = most === r ? ((g - b) / spread + 6) % 6 : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  const saturation = spread / (1 - Math.abs(2 * light - 1));
  return [Math.round(60 * hue) % 360, Math.round(100 * saturation), Math.round(100 * light)];
}

/** sRGB bytes as CIE L*a*b* under D65. */
export function lab(color) {
  const [r, g, b] = [...color].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [x, y, z] = [
    (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
    0.2126729 * r + 0.7151522 * g + 0.072175 * b,
    (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883,
  ].map((value) => (value > 216 / 24389 ? Math.cbrt(value) : (value * 24389) / 27 / 116 + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const DEGREES = Math.PI / 180;

/**
 * How far apart two L*a*b* colours look: CIEDE2000.
 *
 * G. Sharma, W. Wu, E. N. Dalal, Color Research & Application 30 (2005), DOI 10.1002/col.20070.
 */
export function deltaE([l1, a1, b1], [l2, a2, b2]) {
  const mean = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 1.5 - 0.5 * Math.sqrt(mean / (mean + 25 ** 7));
  const [c1, c2] = [Math.hypot(g * a1, b1), Math.hypot(g * a2, b2)];
  const [h1, h2] = [Math.atan2(b1, g * a1), Math.atan2(b2, g * a2)].map((angle) => (angle / DEGREES + 360) % 360);
  const gray = c1 * c2 === 0;
  let turn = gray ? 0 : h2 - h1;
  if (Math.abs(turn) > 180) turn -= 360 * Math.sign(turn);
  let hue = h1 + h2;
  if (!gray) hue = Math.abs(h1 - h2) <= 180 ? hue / 2 : (hue + (hue < 360 ? 360 : -360)) / 2;
  const [light, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const cos = (factor, offset) => Math.cos((factor * hue + offset) * DEGREES);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const sl = 1 + (0.015 * (light - 50) ** 2) / Math.sqrt(20 + (light - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * chroma, 1 + 0.015 * chroma * t];
  const rc = 2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
  const rt = -rc * Math.sin(60 * Math.exp(-(((hue - 275) / 25) ** 2)) * DEGREES);
  const [dl, dc] = [(l2 - l1) / sl, (c2 - c1) / sc];
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * DEGREES)) / sh;
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rt * dc * dh);
}
