/// RADIUS at work: the sockets, threads and files around the module `radius`.
///
/// [dev.postern.gateway.aaa.Aaa] is what the daemon holds. On the endpoint's thread [dev.postern.gateway.aaa.AaaSessions]
/// follows the sessions that a server has let in and makes their accounting records. On one thread
/// of its own, [dev.postern.gateway.aaa.RadiusLoop], run the clients and the server of Disconnect- and CoA-Requests:
///
///     IkeEndpoint --EapToServer--> RadiusAuthentication --+
///     Events, Child SAs --> AaaSessions --> Accounting ---+--> RadiusLoop <--> servers
///                               ^                         |
///                               +---- Orders -------------+
@NullMarked
package dev.postern.gateway.aaa;

import org.jspecify.annotations.NullMarked;
