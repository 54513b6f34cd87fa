import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { commentsContract } from './storage-contract.ts';

commentsContract(storeUnderTest(), openStore);
