import { Module } from '@nestjs/common';
import { Holders } from './holders.js';

@Module({ providers: [Holders], exports: [Holders] })
export class HolderModule {}
