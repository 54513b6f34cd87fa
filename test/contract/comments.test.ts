import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { commentsContract } from './storage-contract.ts';

jest.setTimeout(60_000);

commentsContract(storeUnderTest(), openStore);
