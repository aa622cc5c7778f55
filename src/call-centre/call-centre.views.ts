import { ApiProperty } from '@nestjs/swagger';
import { ClaimView, WITHDRAWAL_RESTRICTIONS, type WithdrawalRestriction } from '../claim/claim.views.js';
import { CALLERS } from '../contact/contact.dto.js';
import { CallerCheckStateView, ColleagueView, ContactView } from '../contact/contact.views.js';
import { NoteView } from '../contact/note.views.js';
import { ObjectionView } from '../contact/objection.dto.js';
import { RepresentativeView } from '../holder/representative.dto.js';
import { ROLES, type Role } from '../identity/role.js';
import type { ContactCaller } from '../platform/database/prisma.js';
import { FittingScriptView } from './scripts/script.views.js';
import { SpokenTextView } from './search.views.js';
import { WHY_NOT_CREDITED, type WhyNotCredited } from './why-not-credited.js';
import { CREDIT_BATCH_STATES, type CreditBatchState } from '../credit-batch/credit-batch.state.js';

const ACCOUNT_STATES = ['open', 'restricted', 'closed', 'deceased'] as const;
const IDENTITY_STATES = ['none', 'submitted', 'returned', 'verified'] as const;

export class ClaimBatchView {
  @ApiProperty({ example: '2' })
  id!: string;

  @ApiProperty({ enum: CREDIT_BATCH_STATES })
  status!: CreditBatchState;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '2018-03-12' })
  postingDate!: string;

  @ApiProperty({ example: '1042', description: 'Its place in the batch.' })
  place!: string;

  @ApiProperty({ example: '259800', description: 'Claims in the batch.' })
  itemCount!: string;
}

export class WhyNotCreditedView {
  @ApiProperty({ enum: WHY_NOT_CREDITED })
  code!: WhyNotCredited;

  @ApiProperty({ type: SpokenTextView, description: 'What is so; for staff only.' })
  agent!: SpokenTextView;

  @ApiProperty({ type: SpokenTextView, description: 'What may be said to the customer.' })
  customer!: SpokenTextView;

  @ApiProperty({ enum: ROLES, isArray: true, description: 'Who can solve it; nobody where only time does.' })
  solvedBy!: Role[];

  @ApiProperty({ type: SpokenTextView })
  nextStep!: SpokenTextView;
}

export const HOLDER_ACTIONS = [
  'open_contact',
  'check_caller',
  'record_complaint',
  'close_contact',
  'write_note',
  'record_objection',
  'change_contact_data',
  'record_representative',
  'check_identity',
  'reveal',
  'show_timeline',
  'show_contacts',
  'show_notes',
  'show_proof',
  'hold',
  'release_hold',
  'decide',
  'withdraw_decision',
  'reopen',
] as const;
export type HolderAction = (typeof HOLDER_ACTIONS)[number];

export class HolderActionView {
  @ApiProperty({ enum: HOLDER_ACTIONS, example: 'hold' })
  name!: HolderAction;

  @ApiProperty({ example: 'POST' })
  method!: string;

  @ApiProperty({ example: '/v1/claims/475823653196/holds' })
  href!: string;
}

export class OwnCallView {
  @ApiProperty({ example: '4711' })
  contactId!: string;

  @ApiProperty({ enum: CALLERS, example: 'self' })
  caller!: ContactCaller;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  openedAt!: string;

  @ApiProperty({ example: '2018-03-12T02:00:00.000Z' })
  expiresAt!: string;

  @ApiProperty({ type: CallerCheckStateView })
  callerCheck!: CallerCheckStateView;

  @ApiProperty({
    isArray: true,
    enum: ['name', 'nameKana', 'amountJpy'],
    example: ['name', 'nameKana', 'amountJpy'],
    description: 'What may be told to this caller now: nothing before the check.',
  })
  mayBeTold!: ('name' | 'nameKana' | 'amountJpy')[];
}

export class HolderClaimView extends ClaimView {
  @ApiProperty({ type: ClaimBatchView, nullable: true, description: 'The batch that will credit it, or has.' })
  creditBatch!: ClaimBatchView | null;

  @ApiProperty({ type: SpokenTextView, description: 'Quantity × price, with the exact product.' })
  calculation!: SpokenTextView;

  @ApiProperty({
    type: [WhyNotCreditedView],
    description: 'In the order in which they must be solved; none once credited.',
  })
  whyNotCredited!: WhyNotCreditedView[];
}

/** A person as staff see them: masked, but name and kana in the open contact of an agent whose caller passed the check. */
export class HolderView {
  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ enum: ['individual', 'corporate'] })
  kind!: 'individual' | 'corporate';

  @ApiProperty({ type: String, nullable: true, example: '山* 太*' })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'ヤ** タ**' })
  nameKana!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 't***@***.jp' })
  email!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '***-****-**42' })
  phone!: string | null;

  @ApiProperty({ example: 'JP' })
  country!: string;

  @ApiProperty({ enum: ['ja', 'en'] })
  language!: 'ja' | 'en';

  @ApiProperty({ enum: ACCOUNT_STATES })
  accountStatus!: (typeof ACCOUNT_STATES)[number];

  @ApiProperty({ enum: IDENTITY_STATES })
  identityStatus!: (typeof IDENTITY_STATES)[number];

  @ApiProperty({
    enum: WITHDRAWAL_RESTRICTIONS,
    type: String,
    nullable: true,
    description: 'Why a credited amount cannot be withdrawn yet.',
  })
  withdrawalRestriction!: WithdrawalRestriction | null;

  @ApiProperty({ type: [HolderClaimView] })
  claims!: HolderClaimView[];

  @ApiProperty({ type: OwnCallView, nullable: true, description: 'The contact that you have open about this holder.' })
  call!: OwnCallView | null;

  @ApiProperty({ type: [ColleagueView], description: 'Colleagues who have a contact about this holder open now.' })
  alsoHere!: ColleagueView[];

  @ApiProperty({
    example: false,
    description: 'Within a day a caller failed three times to be this holder: take care.',
  })
  callerCheckLocked!: boolean;

  @ApiProperty({ type: [ContactView], description: 'The last three.' })
  lastContacts!: ContactView[];

  @ApiProperty({ type: [NoteView], description: 'Notes that somebody still has to come back to; the newest ten.' })
  openNotes!: NoteView[];

  @ApiProperty({ type: [ObjectionView], description: 'Newest first.' })
  objections!: ObjectionView[];

  @ApiProperty({ type: [RepresentativeView], description: 'Who else may be spoken to, while valid.' })
  representatives!: RepresentativeView[];

  @ApiProperty({ type: [HolderActionView], description: 'What you may do here now.' })
  actions!: HolderActionView[];
}

export class ShownHolderView extends HolderView {
  @ApiProperty({
    type: [FittingScriptView],
    description:
      'What to say to whoever calls; about this holder, the reason to speak of first, once the caller may be told; then what may come up in any call.',
  })
  scripts!: FittingScriptView[];
}
