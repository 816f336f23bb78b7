// Whether it is school, by the school's own clock and calendar, whatever zone the device is set to.
const WEEKEND = new Set(["Sat", "Sun"]);

export function isSchool({ zone, from, to, closed }, now) {
  const parts = {};
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  for (const { type, value } of format.formatToParts(now)) parts[type] = value;
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  const time = `${parts.hour}:${parts.minute}`;
  if (WEEKEND.has(parts.weekday) || time < from || time >= to) return false;
  return !closed.some(([first, last]) => first <= day && day <= last);
}

// Whether the extension works at all now.
export function isAtWork(given, now) {
  return given.when === "always" || isSchool(given.hours, now);
}
