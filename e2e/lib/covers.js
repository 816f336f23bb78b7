// Names the requirement rows that a journey shows: covers("H-115"). crates/tidy reads these calls
// to print docs/requirements.md; when the journey runs, a mistyped id fails it.
export function covers(...rows) {
  for (const row of rows) {
    if (!/^[HC]-\d{3}$/.test(row)) throw new Error(`"${row}" is not a requirement row, such as H-115`);
  }
}
