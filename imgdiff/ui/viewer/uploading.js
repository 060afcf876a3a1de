/** How far the files on their way to the server have come. */

const PLACE = "/_stcore/upload_file/";

/**
 * Hear of uploads: `onShare` gets how much has been sent, 0 to 1, or null when none is under way.
 *
 * Streamlit's uploader tells nobody, so its requests are listened to.
 *
 * @returns {() => void} Stop.
 */
export function watchUploads(onShare) {
  const { open, send } = XMLHttpRequest.prototype;
  const under = new Map();
  const tell = () => {
    const [sent, total] = [...under.values()].reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    onShare(under.size ? sent / Math.max(total, 1) : null);
  };
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.imgdiffUpload = String(url).includes(PLACE) && method.toUpperCase() === "PUT";
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.imgdiffUpload) {
      under.set(this, [0, 1]);
      this.upload.addEventListener("progress", ({ loaded, total }) => {
        under.set(this, [loaded, total]);
        tell();
      });
      this.addEventListener("loadend", () => {
        under.delete(this);
        tell();
      });
      tell();
    }
    return send.call(this, body);
  };
  return () => Object.assign(XMLHttpRequest.prototype, { open, send });
}
