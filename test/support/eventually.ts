/** Waits on a condition: tries until `check` no longer throws; after `within` milliseconds its error stands. */
export async function eventually(check: () => void | Promise<void>, within = 30_000): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
