import { Module } from '@nestjs/common';
import { ProofBuilder } from './proof-builder.js';
import { ProofController } from './proof.controller.js';
import { Proofs } from './proofs.js';

@Module({ controllers: [ProofController], providers: [Proofs, ProofBuilder], exports: [Proofs] })
export class ProofModule {}
