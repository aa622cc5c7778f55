import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'henkin:public';

/** The route answers without a sign-in. One without this and without roles stops the server from starting. */
export const Public = () => SetMetadata(PUBLIC, true);
