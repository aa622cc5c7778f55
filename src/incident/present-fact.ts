import { dayOf } from '../platform/clock/jst.js';
import type { FactRow, VersionRow } from './incident.repository.js';
import { promiseState, type PromiseState } from './incident.state.js';
import type {
  FactVersionView,
  FactView,
  OtherValueView,
  PublicCorrectionView,
  PublicIncidentView,
  PublicValueView,
} from './incident.views.js';

/** For staff. `today` is the day in Japan. */
export function factView(fact: FactRow, today: string, versions: readonly VersionRow[] = fact.versions): FactView {
  return {
    key: fact.key,
    kind: fact.kind,
    label: { en: fact.labelEn, ja: fact.labelJa },
    publicVersion: fact.versions.find(({ status }) => status === 'released')?.version ?? null,
    versions: versions.map((version) => versionView(fact, version, today)),
  };
}

function versionView(fact: FactRow, row: VersionRow, today: string): FactVersionView {
  const { id, version, status, unit, approximate, reason, recordedBy } = row;
  return {
    id,
    version,
    status,
    value: valueOf(row),
    unit,
    approximate,
    source: sourceOf(row),
    asOf: row.asOf?.toISOString() ?? null,
    otherValues: row.otherValues as unknown as OtherValueView[],
    why: pair(row.whyEn, row.whyJa),
    doneOn: dayOf(row.doneOn),
    promiseState: stateOf(fact, row, row, today),
    reason,
    announcement: pair(row.announcementEn, row.announcementJa),
    recordedBy,
    createdAt: row.createdAt.toISOString(),
    releasedAt: row.releasedAt?.toISOString() ?? null,
  };
}

/** For everyone: of each fact the value that is used, and what was corrected. `facts` hold their public versions only. */
export function publicIncident(facts: readonly FactRow[], today: string): PublicIncidentView {
  const ofKind = (kind: FactRow['kind']) => facts.filter((fact) => fact.kind === kind);
  return {
    facts: ofKind('fact').flatMap(publicValue),
    timeline: ofKind('event')
      .flatMap(publicValue)
      .toSorted((a, b) => a.value.en.localeCompare(b.value.en)),
    promises: ofKind('promise')
      .flatMap((fact) => publicPromise(fact, today))
      .toSorted((a, b) => a.promisedOn.localeCompare(b.promisedOn)),
    corrections: facts
      .flatMap((fact) => corrections(fact, today))
      .toSorted((a, b) => b.announcedAt.localeCompare(a.announcedAt)),
  };
}

function publicValue(fact: FactRow): PublicValueView[] {
  return fact.versions.slice(0, 1).map((row) => ({
    key: fact.key,
    label: { en: fact.labelEn, ja: fact.labelJa },
    value: valueOf(row),
    unit: row.unit,
    approximate: row.approximate,
    source: sourceOf(row),
    asOf: row.asOf?.toISOString() ?? null,
  }));
}

function publicPromise(fact: FactRow, today: string) {
  return fact.versions.slice(0, 1).map((row) => {
    const doneOn = dayOf(row.doneOn);
    return {
      key: fact.key,
      label: { en: fact.labelEn, ja: fact.labelJa },
      promisedOn: row.valueEn,
      state: promiseState(row.valueEn, doneOn, today),
      doneOn,
      source: sourceOf(row),
    };
  });
}

/** Every public version but the first took the place of another. A day that was moved is judged by what was promised first. */
function corrections(fact: FactRow, today: string): PublicCorrectionView[] {
  const [latest] = fact.versions;
  return fact.versions.flatMap((row, index) => {
    const before = fact.versions[index + 1];
    const announcement = pair(row.announcementEn, row.announcementJa);
    if (!latest || !before || !announcement || !row.releasedAt) return [];
    return [
      {
        key: fact.key,
        label: { en: fact.labelEn, ja: fact.labelJa },
        before: valueOf(before),
        after: valueOf(row),
        beforeState: before.valueEn === row.valueEn ? null : stateOf(fact, before, latest, today),
        announcement,
        announcedAt: row.releasedAt.toISOString(),
      },
    ];
  });
}

/** What became of the day that `promised` names, by what `latest` knows to be done. */
function stateOf(fact: FactRow, promised: VersionRow, latest: VersionRow, today: string): PromiseState | null {
  return fact.kind === 'promise' ? promiseState(promised.valueEn, dayOf(latest.doneOn), today) : null;
}

const valueOf = ({ valueEn, valueJa }: VersionRow) => ({ en: valueEn, ja: valueJa });
const sourceOf = ({ sourceEn, sourceJa }: VersionRow) => ({ en: sourceEn, ja: sourceJa });
const pair = (en: string | null, ja: string | null) => (en !== null && ja !== null ? { en, ja } : null);
