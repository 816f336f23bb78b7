// Full addresses in one form: host and path, without scheme, port, query or fragment. However a path is spelled, it
// is one, or every list could be passed by. The school's lists are in the same form: crates/filter/src/lists/page.rs.

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

// None for what is no page of the web.
export function split(href) {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const host = url.hostname.replace(/\.$/, "").replace(/^www\./, "");
  const steps = [];
  for (const step of url.pathname.split("/").map(spelled)) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return { host, path: steps.join("/") };
}

// What is written %61 without need is “a”, and what has to be written so is.
function spelled(step) {
  return step.replace(/%([0-9a-f]{2})/gi, (whole, digits) => {
    const letter = String.fromCharCode(parseInt(digits, 16));
    return UNRESERVED.test(letter) ? letter : whole.toUpperCase();
  });
}

// The listed address that covers a page: the page itself, or a beginning of its path.
export function covering(listed, { host, path }) {
  for (let rest = path; rest !== ""; rest = rest.slice(0, Math.max(rest.lastIndexOf("/"), 0))) {
    const address = `${host}/${rest}`;
    const category = listed.get(address);
    if (category !== undefined) return { address, category };
  }
  return undefined;
}

// Whether a host is one of these names, or below one.
export function isBelow(host, names) {
  for (let rest = host; rest !== ""; ) {
    if (names.has(rest)) return true;
    const dot = rest.indexOf(".");
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
  return false;
}

// What the address of a page says of it, besides its site.
export function wordsOf({ path }) {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not every path is well spelled.
    return path;
  }
}
