import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../platform/problem/domain-error.js';
import type { Part } from './columns.js';
import { FORM_PARTS, FileMissing, PartNotExpected, UploadCutOff } from './snapshot.errors.js';
import { SpooledFile } from './spooled-file.js';

/** An upload that has arrived: its form fields, and its files on disk. */
export interface UploadForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly rows: SpooledFile;
  readonly exclusions: SpooledFile | null;
}

/**
 * Receives an upload, fields and files in any order, hands it to `work`, and lets go of the files whatever happens. No
 * database connection is held meanwhile: a slow client may take hours.
 * Errors: unsupported_media_type, upload_cut_off, part_not_expected, file_missing, line_too_long, body_too_large.
 */
export async function withUploadForm<T>(
  request: FastifyRequest,
  folder: string,
  work: (form: UploadForm) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) throw new UnsupportedMediaTypeException();
  const fields = new Map<string, string>();
  const files = new Map<Part, SpooledFile>();
  try {
    await receive(request, folder, fields, files).catch((error: unknown) => {
      throw isFormFault(error) ? new UploadCutOff() : error;
    });
    const rows = files.get('rows');
    if (!rows) throw new FileMissing();
    return await work({ fields: Object.fromEntries(fields), rows, exclusions: files.get('exclusions') ?? null });
  } finally {
    await Promise.all([...files.values()].map((file) => file.close()));
  }
}

async function receive(
  request: FastifyRequest,
  folder: string,
  fields: Map<string, string>,
  files: Map<Part, SpooledFile>,
): Promise<void> {
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (fields.has(part.fieldname)) throw new PartNotExpected(part.fieldname.slice(0, 60));
      fields.set(part.fieldname, String(part.value));
      continue;
    }
    const name = partNamed(part.fieldname);
    if (name === null || files.has(name)) {
      part.file.resume();
      throw new PartNotExpected(part.fieldname.slice(0, 60));
    }
    files.set(name, await SpooledFile.receive(part.file, folder));
  }
}

function partNamed(fieldName: string): Part | null {
  const parts: readonly Part[] = ['rows', 'exclusions'];
  return parts.find((part) => FORM_PARTS[part] === fieldName) ?? null;
}

/** Cut off or malformed: the parser and the connection say so in several ways. Limits keep their own problem. */
function isFormFault(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof DomainError) return false;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (statusCode === 413) return false;
  return (
    (typeof code === 'string' && /^(FST_|ECONNRESET$|ERR_STREAM_PREMATURE_CLOSE$)/.test(code)) ||
    /multipart|unexpected end of form|part (terminated|header)|malformed|aborted/i.test(error.message)
  );
}
