// What the address of a listed timestamp plays.
import { parseTime, requestedSeconds } from "../time.js";

const YOUTUBE_HOST = /(^|\.)youtube\.com$/;

// {audio, video, start, end} with seconds on that file's clock, end null for a point; null if nothing can be played here.
export function momentAt(link) {
  if (!link.href) return null;
  const url = new URL(link.href);
  const start = requestedSeconds(url);
  if (start === null) return null;
  const [, until = ""] = link.textContent.split("–");
  const end = parseTime(until);
  if (YOUTUBE_HOST.test(url.hostname)) {
    const video = url.searchParams.get("v");
    return video ? { audio: "", video, start, end } : null;
  }
  if (url.origin + url.pathname === location.origin + location.pathname || !/^#t=/.test(url.hash)) return null;
  url.hash = "";
  return { audio: url.href, video: "", start, end };
}
