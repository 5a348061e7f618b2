/// News of revocation for the daemons: lists in files and at addresses, OCSP responders, what they
/// said and how long that holds. Nothing here judges; `dev.postern.pki` does.
///
///     IkeEndpoint -- Ask.LookUpRevocation --> RevocationNews -- Responders, ListAddresses --> Web
///                 <-- KnowRevocations, Answered ----'
@NullMarked
package dev.postern.gateway.revocation;

import org.jspecify.annotations.NullMarked;
