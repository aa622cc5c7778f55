import { Injectable } from '@nestjs/common';
import { CustomerMessages } from '../contact/customer-messages.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Text } from '../platform/problem/domain-error.js';
import type { MessageReceiptView } from './message.dto.js';

/** No answer in writing is promised, and no day. */
const RECEIVED: Text = {
  en: 'We have received your message and will read it. We may reach you by mail or phone; nobody will ask you for a password, a code, coins or a fee.',
  ja: 'お問い合わせを受け付けました。内容を確認いたします。メールまたはお電話でご連絡することがあります。パスワード、認証コード、暗号資産、手数料をお尋ねすることはありません。',
};

@Injectable()
export class Messages {
  constructor(
    private readonly commands: Commands,
    private readonly messages: CustomerMessages,
  ) {}

  /** Errors: too_many_messages. */
  write(context: RequestContext, holderId: bigint, text: string): Promise<MessageReceiptView> {
    return this.commands.run(context, async (tx) => {
      const { id, receivedAt } = await this.messages.receive(tx, context, holderId, text);
      return { messageNo: id.toString(), receivedAt: receivedAt.toISOString(), text: RECEIVED };
    });
  }
}
