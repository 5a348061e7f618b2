/// News of revocation for the daemons: lists in files and at addresses, OCSP responders, what they
/// said and how long that holds. Nothing here judges; `dev.postern.pki` does.
///
///     IkeEndpoint -- Ask.LookUpRevocation --> RevocationNews -- Responders, ListAddresses --> Web
///                 <-- KnowRevocations, Answered ----'
///
/// The JDK's client of HTTP cannot be told from which port it sends, by which packets find their
/// way past a tunnel; hence [Web], one [Connection] for each question.
@NullMarked
package dev.postern.gateway.revocation;

import org.jspecify.annotations.NullMarked;
