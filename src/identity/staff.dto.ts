import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator';
import { ROLES, type Role } from './role.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

/** Also the form that the database accepts, once in lower case. */
export const LOGIN = /^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$/i;
const CUSTOMER_NO = /^[!-~]{1,64}$/;
const SHORT_TEXT = (max: number) => new RegExp(`^(?=.*\\S)\\P{Cc}{1,${max}}$`, 'u');
export const MAIL = /^[!-?A-~]{1,64}@[!-?A-~]{1,190}$/;
const STATUSES = ['active', 'disabled'] as const;
type Status = (typeof STATUSES)[number];

/** For whom a person works, where news of the account go, until when there is access, and who else knows the person. */
class EmploymentDto {
  @ApiPropertyOptional({ type: String, nullable: true, example: 'Kanda Contact K.K.' })
  @IsOptional()
  @Matches(SHORT_TEXT(100), { message: 'employer must be 1 to 100 characters' })
  employer?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'evening 3' })
  @IsOptional()
  @Matches(SHORT_TEXT(100), { message: 'team must be 1 to 100 characters' })
  team?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'k.tanaka@kanda-contact.example.jp',
    description: 'Where news of the account go, such as a one-time enrolment.',
  })
  @IsOptional()
  @Matches(MAIL, { message: 'mail must be a mail address' })
  mail?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '2018-09-30',
    description: 'The last day of work, in Japan. On the day after it all access has ended.',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'lastDay must be a day such as 2018-09-30' })
  @IsISO8601({ strict: true }, { message: 'lastDay must be a day that exists' })
  lastDay?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '248289761001',
    description: "The `sub` by which the company's identity provider knows the person; null ends that way in.",
  })
  @IsOptional()
  @Matches(/^[!-~]{1,255}$/, { message: 'oidcSubject must be 1 to 255 printable characters or null' })
  oidcSubject?: string | null;
}

export class CreateStaffDto extends EmploymentDto {
  @ApiProperty({
    example: 'k.tanaka',
    description: 'Letters, digits, dot, hyphen and underscore, 3 to 64; kept in lower case.',
  })
  @Matches(LOGIN, {
    message:
      'login must be 3 to 64 letters, digits, dots, hyphens or underscores, beginning and ending with a letter or digit',
  })
  login!: string;

  @ApiProperty({ example: '田中 花子' })
  @Matches(SHORT_TEXT(100), { message: 'displayName must be 1 to 100 characters' })
  displayName!: string;

  @ApiProperty({ enum: ROLES, example: 'claims_officer' })
  @IsIn(ROLES, { message: `role must be one of ${ROLES.join(', ')}` })
  role!: Role;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: null,
    description: "The person's own customer number, if they are a customer.",
  })
  @IsOptional()
  @Matches(CUSTOMER_NO, { message: 'customerNo must be a customer number' })
  customerNo?: string | null;
}

export class RelativeDto {
  @ApiProperty({ example: '10004217' })
  @Matches(CUSTOMER_NO, { message: 'customerNo must be a customer number' })
  customerNo!: string;

  @ApiProperty({ example: 'spouse' })
  @Matches(SHORT_TEXT(50), { message: 'relation must be 1 to 50 characters' })
  relation!: string;
}

/** What is left out stays as it is. */
export class ChangeStaffDto extends EmploymentDto {
  @ApiPropertyOptional({ enum: ROLES, example: 'finance_checker' })
  @MayBeLeftOut()
  @IsIn(ROLES, { message: `role must be one of ${ROLES.join(', ')}` })
  role?: Role;

  @ApiPropertyOptional({ enum: STATUSES, example: 'disabled', description: 'Disabling ends all sessions at once.' })
  @MayBeLeftOut()
  @IsIn(STATUSES, { message: 'status must be active or disabled' })
  status?: Status;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '10004216',
    description: 'null when the person is no customer.',
  })
  @IsOptional()
  @Matches(CUSTOMER_NO, { message: 'customerNo must be a customer number or null' })
  customerNo?: string | null;

  @ApiPropertyOptional({
    type: [RelativeDto],
    description: 'The declared relatives who are customers; replaces the whole list.',
  })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((relative: RelativeDto | null) => relative?.customerNo)
  @ValidateNested({ each: true })
  @Type(() => RelativeDto)
  relatives?: RelativeDto[];
}

export class StaffView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  id!: string;

  @ApiProperty({ example: 'k.tanaka' })
  login!: string;

  @ApiProperty({ example: '田中 花子' })
  displayName!: string;

  @ApiProperty({ enum: ROLES })
  role!: Role;

  @ApiProperty({ enum: STATUSES })
  status!: Status;

  @ApiProperty({ example: true, description: 'False until the person has chosen a password.' })
  activated!: boolean;

  @ApiProperty({ type: String, nullable: true, example: null })
  customerNo!: string | null;

  @ApiProperty({ type: [RelativeDto] })
  relatives!: RelativeDto[];

  @ApiProperty({ type: String, nullable: true, example: 'Kanda Contact K.K.' })
  employer!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'evening 3' })
  team!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'k.tanaka@kanda-contact.example.jp' })
  mail!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2018-09-30' })
  lastDay!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: "At the company's identity provider." })
  oidcSubject!: string | null;

  @ApiProperty({ example: '2018-01-29T00:00:00.000Z' })
  createdAt!: string;
}

export class StaffPage {
  @ApiProperty({ type: [StaffView] })
  items!: StaffView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

/** Shown once, to whoever made or reset the account, to be handed to the person. */
export class ActivationView {
  @ApiProperty({ example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE' })
  activationToken!: string;

  @ApiProperty({ example: '2018-02-01T00:00:00.000Z' })
  activationExpiresAt!: string;
}

export class CreatedStaffView extends StaffView {
  @ApiProperty({
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description: 'For POST /v1/auth/activate, once. It is shown only here.',
  })
  activationToken!: string;

  @ApiProperty({ example: '2018-02-01T00:00:00.000Z' })
  activationExpiresAt!: string;
}
