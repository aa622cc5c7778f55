import { createHash } from 'node:crypto';
import { pipeline, Transform } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EvidenceKind } from '../platform/database/prisma.js';
import { isFormFault } from '../platform/http/form-fault.js';
import { EvidenceTooLarge, EvidenceUploadBroken } from './evidence.errors.js';
import { readBars, readTrades, type Announcement, type Evidence } from './read-evidence.js';

const READERS = { trades: readTrades, ohlc: readBars } as const;

export interface UploadedEvidence extends Evidence {
  readonly kind: EvidenceKind;
  /** Of the file as it was sent, hex. */
  readonly fileSha256: string;
}

/**
 * Reads an upload while it arrives: the form field `kind`, then one file. Nothing of it is kept but hash and figures.
 * Errors: unsupported_media_type, upload_broken, evidence_too_large, and those of reading the rows.
 */
export async function readEvidenceUpload(
  request: FastifyRequest,
  announcement: Announcement,
  maxMib: number,
): Promise<UploadedEvidence> {
  if (!request.isMultipart()) throw new UnsupportedMediaTypeException();
  let kind: EvidenceKind | null = null;
  let evidence: UploadedEvidence | null = null;
  try {
    for await (const part of request.parts({ limits: { files: 1, fileSize: maxMib * 1024 * 1024 } })) {
      if (part.type === 'file')
        evidence = await readFilePart(part, kind, announcement, new EvidenceTooLarge(`${maxMib} MiB`));
      else if (part.fieldname === 'kind' && (part.value === 'trades' || part.value === 'ohlc')) kind = part.value;
      else throw new EvidenceUploadBroken();
    }
  } catch (error) {
    throw isFormFault(error) ? new EvidenceUploadBroken() : error;
  } finally {
    // Whoever sent a file that is refused is still sending: the rest has to flow off before the connection is used again.
    request.raw.resume();
  }
  if (!evidence) throw new EvidenceUploadBroken();
  return evidence;
}

async function readFilePart(
  part: MultipartFile,
  kind: EvidenceKind | null,
  announcement: Announcement,
  tooLarge: EvidenceTooLarge,
): Promise<UploadedEvidence> {
  if (kind === null) throw new EvidenceUploadBroken();
  const hash = createHash('sha256');
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // An upload that breaks off may have done so before anyone listened: a pipeline notices, pipe() does not.
  pipeline(part.file, hashed, () => undefined);
  try {
    const evidence = await READERS[kind](hashed, announcement);
    if (part.file.truncated) throw tooLarge;
    return { ...evidence, kind, fileSha256: hash.digest('hex') };
  } catch (error) {
    // The end of a file that was cut is faulty in its own way; that it was cut is what matters.
    throw part.file.truncated ? tooLarge : error;
  }
}
