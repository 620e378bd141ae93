// Messages that nobody wrote: what happened to a group or a topic, in the page's words.

import { fullName } from "./state.js";
import { locale, t } from "./words.js";

const SERVICE = {
  forum_topic_created: ({ name }) => t("topic_created", { name }),
  forum_topic_edited: ({ name }) => (name ? t("topic_edited", { name }) : null),
  forum_topic_closed: () => t("topic_closed_event"),
  forum_topic_reopened: () => t("topic_reopened"),
  new_chat_members: (members) => t("joined", { names: new Intl.ListFormat(locale()).format(members.map(fullName)) }),
  left_chat_member: (member) => t("left", { name: fullName(member) }),
  pinned_message: () => t("pinned"),
  group_chat_created: () => t("group_created"),
  supergroup_chat_created: () => t("group_created"),
  new_chat_title: (name) => t("group_renamed", { name }),
  migrate_to_chat_id: () => t("group_migrated"),
  migrate_from_chat_id: () => t("group_migrated"),
};

/** What a service message says, or null for a message of a person or bot. */
export function serviceText(message) {
  for (const [kind, say] of Object.entries(SERVICE)) if (message[kind]) return say(message[kind]);
  return null;
}
