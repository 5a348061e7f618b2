/// Postern for applications that protect their own protocol: a client and a gateway in the
/// application's process, and what happens to their sessions as a stream of events.
///
///     PosternClient client = PosternClient.builder(Path.of("client.toml"))
///             .packets(packet -> ...)            // else the TUN device of the file
///             .onEvent(event -> ...)             // or client.events().subscribe(...)
///             .build();
///     client.connect();
///
/// An event says enough to take an application's state along: [ClientEvent.Resumed] that the same
/// session is carried by another gateway and whether its address has changed, [ClientEvent.Replaced]
/// that there is another session; at the gateway [GatewayEvent.SessionResumed] names the gateway
/// that had the session before, to fetch its state from. Events come in order, on a thread of their
/// own.
///
/// Wrong use ends in an exception that says what is wrong: null in [NullPointerException], a file
/// in [UnusableConfigurationException] with every mistake in it, a call at the wrong time or from
/// the wrong thread in [IllegalStateException].
@NullMarked
package dev.postern.api;

import org.jspecify.annotations.NullMarked;
