// Listening on the pages for editors and moderators: a click on a timestamp plays it there, and keys play the focused
// citation. Ctrl-click and the like still open the source, and without scripts the links do.
import { gettext } from "../shared/i18n.js";
import { bindKeys, isTyping } from "../shared/keys.js";
import { watchConfirmations } from "./heard.js";
import { LEAD_SECONDS, chosenItem, claimOf, firstInView, itemOf, linkOf, momentOf, setCurrent } from "./items.js";

let dock = null; // the player, which stays when another page takes the place of this one
let loading = null;

// `itemAt` finds the item of an element that isn't in one, such as a text field; `onSet` moves an item to a second,
// and `onSilence` is called if the key for that finds nothing playing. Ends with `signal`; the player goes on until `stop` is
// called.
export function watchListening({ itemAt = () => null, onSet = null, onSilence = null, signal } = {}) {
  const { listen: address } = document.querySelector("[data-listen]").dataset;

  const load = async () => {
    const { openDock } = await import("./dock.js"); // after all that the page needs to be used
    dock = openDock(address, { onSet: onSet && (() => setTime()) });
  };
  if (document.readyState === "complete") import("./dock.js");
  else addEventListener("load", () => import("./dock.js"), { once: true });

  watchConfirmations(signal);
  const play = async (link, item, lead) => {
    if (!dock) await (loading ??= load());
    if (!signal?.aborted) dock.play({ moment: momentOf(link), claim: item ? claimOf(item) : "", item, link }, lead);
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || !momentOf(link)) return;
    event.preventDefault();
    play(link, itemOf(link) ?? itemAt(link), 0);
  }, { signal });

  // A page that came again has the same links as the one that is playing.
  const isHeard = (link) => {
    const heard = dock?.playing()?.link;
    return heard === link || (heard?.isConnected === false && heard.href === link.href);
  };

  const playItem = (isBefore, event) => {
    const item = (isTyping(event) && itemAt(document.activeElement)) || chosenItem() || firstInView();
    const focused = document.activeElement;
    const link = !isBefore && momentOf(focused) ? focused : item && linkOf(item, { isBefore });
    if (!link) return false;
    if (isHeard(link) && dock.session.isPlaying()) {
      dock.session.toggle();
      return true;
    }
    if (item) setCurrent(item);
    play(link, item, LEAD_SECONDS);
    return true;
  };

  // The player may have been asked for and be on its way.
  const whilePlaying = (act) => () => {
    if (dock) return dock.playing() ? act() : false;
    loading?.then(act);
    return Boolean(loading);
  };

  bindKeys({
    play: (key, event) => playItem(false, event),
    playBefore: (key, event) => playItem(true, event),
    back: whilePlaying(() => dock.back()),
    forward: whilePlaying(() => dock.forward()),
    loop: whilePlaying(() => dock.loop()),
  });
  // Moves the focused citation, which needn't be the one that is playing, to the second of the recording that is.
  const setTime = (key, event) => {
    const playing = dock?.playing();
    if (!playing) {
      onSilence();
      return true;
    }
    const item = (event && isTyping(event) && itemAt(document.activeElement)) || chosenItem();
    const moment = item && linkOf(item) && momentOf(linkOf(item));
    if (!moment) return false;
    const isSame = moment.audio === playing.moment.audio && moment.video === playing.moment.video;
    if (isSame) onSet(item, dock.second());
    else dock.announce(gettext("Another recording is playing. Play this citation first."));
    return true;
  };
  if (onSet) bindKeys({ setTime });
  const stop = () => {
    if (dock?.playing()) dock.close();
    setCurrent(null);
  };
  return { play, stop };
}
