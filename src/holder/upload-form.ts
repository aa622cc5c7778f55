import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ValidationFailed } from '../platform/problem/platform.errors.js';
import { UploadRefused } from './upload.errors.js';
import type { SpooledFile, Upload } from './upload.js';

/** The part `file` of an upload and its fields, held to their form as JSON bodies are. Errors: file_missing, validation_failed. */
export async function readForm<Form extends object>(
  form: new () => Form,
  { fields, files: { file } }: Upload,
): Promise<{ readonly dto: Form; readonly file: SpooledFile }> {
  if (!file) throw new UploadRefused('file_missing', 'There is no part `file`.', 'パート file がありません。');
  const dto = plainToInstance(form, { ...fields });
  const problems = await validate(dto, { whitelist: true, forbidNonWhitelisted: true });
  if (problems.length > 0)
    throw new ValidationFailed(
      problems.flatMap(({ property, constraints }) =>
        Object.values(constraints ?? {}).map((message) => ({ path: property, message })),
      ),
    );
  return { dto, file };
}
