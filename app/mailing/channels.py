"""How the mailing's pages call and draw the ways to reach somebody, in the order in which they stand."""

from merge.recipients import ChannelKind

CHANNEL_LABELS = {ChannelKind.LETTER: "Lettre", ChannelKind.EMAIL: "E-mail", ChannelKind.SMS: "SMS"}
CHANNEL_ICONS = {ChannelKind.LETTER: "envelope-simple", ChannelKind.EMAIL: "at", ChannelKind.SMS: "device-mobile"}
