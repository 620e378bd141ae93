// The stream of events. After any break everything is read anew: simpler than patching, and right
// also when the simulator itself was started again.

import { eventsAddress } from "./api.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** Follow the world's events for good; `onLost` and `onBack` frame each interruption. */
export function follow(world, { onLost, onBack }) {
  let pause = FIRST_PAUSE_MS;

  function open() {
    const source = new EventSource(eventsAddress(world.seq));
    source.onopen = () => (pause = FIRST_PAUSE_MS);
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "reset") {
        source.close(); // too far behind: some of what happened is no longer kept
        recover();
      } else world.apply(event);
    };
    source.onerror = () => {
      source.close();
      onLost();
      setTimeout(recover, pause);
    };
  }

  async function recover() {
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    try {
      await world.load();
    } catch {
      setTimeout(recover, pause);
      return;
    }
    onBack();
    open();
  }

  open();
}
