/// The session store of one gateway: sessions that its clients hold by reference, in memory or in a file that survives a
/// SIGKILL. [StoreThread] takes the endpoint's questions off its thread, writes in batches, and answers a write only when it
/// counts:
///
///     EndpointLoop -- Ask.OfStore --> StoreThread -- batch --> DurableSessionStore -- commit --> answers --> EndpointLoop
@NullMarked
package dev.postern.gateway.store;

import org.jspecify.annotations.NullMarked;
