import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Prisma } from '../platform/database/prisma.js';
import type { LabelDto, RecordFactDto, VersionDto } from './incident.dto.js';

const WITH_VERSIONS = { versions: { orderBy: { version: 'desc' } } } as const satisfies Prisma.IncidentFactInclude;

/** A fact with its versions, newest first. */
export type FactRow = Prisma.IncidentFactGetPayload<{ include: typeof WITH_VERSIONS }>;
export type VersionRow = FactRow['versions'][number];

/** Of a correction: why for staff, and what the public is told. */
export interface Correction {
  readonly reason: string;
  readonly announcement?: LabelDto;
}

@Injectable()
export class IncidentRepository {
  find(tx: Tx, key: string): Promise<FactRow | null> {
    return tx.incidentFact.findUnique({ where: { key }, include: WITH_VERSIONS });
  }

  /** As `find`; whoever else would correct or release the fact waits, as the guards of the database do. */
  async lock(tx: Tx, key: string): Promise<FactRow | null> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('incident_fact:' || id, 0))::text FROM incident_fact WHERE key = ${key}`;
    return this.find(tx, key);
  }

  findByVersion(tx: Tx, versionId: string): Promise<FactRow | null> {
    return tx.incidentFact.findFirst({ where: { versions: { some: { id: versionId } } }, include: WITH_VERSIONS });
  }

  /** In the order of recording; one row more than `limit`. */
  list(tx: Tx, limit: number, afterId: bigint | null): Promise<FactRow[]> {
    return tx.incidentFact.findMany({
      where: afterId === null ? {} : { id: { gt: afterId } },
      include: WITH_VERSIONS,
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
  }

  /** Facts of which something is public, with their public versions only. */
  listReleased(tx: Tx): Promise<FactRow[]> {
    return tx.incidentFact.findMany({
      where: { versions: { some: { status: 'released' } } },
      include: { versions: { where: { status: 'released' }, orderBy: { version: 'desc' } } },
      orderBy: { id: 'asc' },
    });
  }

  /** Null when there is a fact with this key already. */
  async insertFact(tx: Tx, { key, kind, label }: RecordFactDto): Promise<bigint | null> {
    const [row] = await tx.$queryRaw<{ id: bigint }[]>`
      INSERT INTO incident_fact (key, kind, label_en, label_ja)
      VALUES (${key}, ${kind}::incident_fact_kind, ${label.en}, ${label.ja})
      ON CONFLICT (key) DO NOTHING RETURNING id`;
    return row?.id ?? null;
  }

  async insertVersion(
    tx: Tx,
    factId: bigint,
    version: number,
    recordedBy: string,
    said: VersionDto,
    correction: Correction | null,
  ): Promise<void> {
    const others = said.otherValues.map(({ value, source, asOf, note }) => ({
      value: { en: value.en, ja: value.ja },
      source: { en: source.en, ja: source.ja },
      asOf: asOf ?? null,
      note: note ? { en: note.en, ja: note.ja } : null,
    }));
    await tx.$executeRaw`
      INSERT INTO incident_fact_version (fact_id, version, value_en, value_ja, unit, approximate, source_en, source_ja, as_of, other_values,
        why_en, why_ja, done_on, reason, announcement_en, announcement_ja, recorded_by)
      VALUES (${factId}, ${version}, ${said.value.en}, ${said.value.ja}, ${said.unit}::incident_unit, ${said.approximate},
        ${said.source.en}, ${said.source.ja}, ${said.asOf ?? null}::timestamptz, ${JSON.stringify(others)}::jsonb,
        ${said.why?.en ?? null}, ${said.why?.ja ?? null}, ${said.doneOn ?? null}::date, ${correction?.reason ?? null},
        ${correction?.announcement?.en ?? null}, ${correction?.announcement?.ja ?? null}, ${recordedBy}::uuid)`;
  }

  /** What a checker agrees to, as the database computes it; null unless the version is internal. */
  async contentHash(tx: Tx, versionId: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT incident_version_hash(id) AS hash FROM incident_fact_version WHERE id = ${versionId}::uuid AND status = 'internal'`;
    return row?.hash ?? null;
  }

  /** Answers whether the version was internal. */
  async release(tx: Tx, versionId: string): Promise<boolean> {
    const { count } = await tx.incidentFactVersion.updateMany({
      where: { id: versionId, status: 'internal' },
      data: { status: 'released' },
    });
    return count === 1;
  }
}
