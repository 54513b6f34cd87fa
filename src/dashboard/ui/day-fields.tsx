import { momentOf } from '../days.ts';
import { sitesAsked, zoneOf } from '../sites.ts';
import { language, t } from '../words/index.ts';
import { TextField } from './fields.tsx';

export interface Days {
  since: string;
  until: string;
}

/** Whether it can be told by now which moments they are; what has no days need not wait for that. */
export const daysKnown = ({ since, until }: Days): boolean => sitesAsked.value || since + until === '';

/** Days of a site, or of all, as the moments that the contract wants; `until` takes the whole day in. */
export function momentsOf(site: string, { since, until }: Days): Days {
  const zone = zoneOf(site);
  return { since: momentOf(since, zone, false), until: momentOf(until, zone, true) };
}

/** Whose days they are, in words. */
export const zoneName = (site: string): string | undefined =>
  new Intl.DateTimeFormat(language.value, { timeZone: zoneOf(site), timeZoneName: 'longGeneric' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value;

interface DayFieldsProps {
  site: string;
  days: Days;
  onChange: (part: Partial<Days>) => void;
}

/** The first day and the last that a list is narrowed to. */
export const DayFields = ({ site, days, onChange }: DayFieldsProps) =>
  (['since', 'until'] as const).map((name) => (
    <TextField
      key={name}
      label={t(`filter.${name}`)}
      help={zoneName(site)}
      type="date"
      value={days[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  ));
