import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { deskContract } from './storage-contract.ts';

deskContract(storeUnderTest(), openStore);
