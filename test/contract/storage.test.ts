import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { storageContract } from './storage-contract.ts';

jest.setTimeout(60_000);

storageContract(storeUnderTest(), openStore);
