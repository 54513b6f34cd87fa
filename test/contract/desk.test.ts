import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { deskContract } from './storage-contract.ts';

jest.setTimeout(60_000);

deskContract(storeUnderTest(), openStore);
