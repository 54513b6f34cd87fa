import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { behindContract } from './storage-contract.ts';

behindContract(storeUnderTest(), openStore);
