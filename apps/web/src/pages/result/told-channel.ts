import type { Report } from '@bonafide/contracts';
import { t } from '../../texts';

/** Which channel, from 0, verdict, timeline and evidence are about; null where they are about the whole recording. */
export function toldChannel({ channels, warning_codes: codes = [] }: Report): number | null {
  const isOneOfSeveral = channels.length > 1 || codes.some(({ code }) => code === 'channel_left_out');
  if (!isOneOfSeveral || channels.length === 0) return null;
  return channels.reduce((most, each) => (each.p_fake > most.p_fake ? each : most)).channel;
}

/** A title with the channel that it is about, where that is one of several. */
export function ofChannel(title: string, report: Report): string {
  const channel = toldChannel(report);
  return channel === null ? title : `${title} · ${t().result.channels.name(channel + 1)}`;
}
