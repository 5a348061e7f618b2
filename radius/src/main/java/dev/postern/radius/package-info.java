/// RADIUS as a gateway speaks it, without I/O: packets, instants and randomness are values.
///
/// Authentication (RFC 2865, RFC 3579): an [dev.postern.radius.AccessConversation] turns what an EAP peer says
/// into [dev.postern.radius.Call]s; a [dev.postern.radius.RadiusClient] brings each to one of several
/// servers and hands back an answer that is proven. [dev.postern.radius.MppeKey] takes the MSK out of it (RFC
/// 2548), [dev.postern.radius.Authorization] what the server granted.
///
/// Accounting (RFC 2866): an [dev.postern.radius.AccountedSession] makes records, an
/// [dev.postern.radius.AccountingQueue] keeps each until a server has acknowledged it.
///
/// Dynamic authorization (RFC 5176): [dev.postern.radius.DynamicAuthorization] judges requests of
/// servers, [dev.postern.radius.SessionMatch] says which sessions they mean.
///
///     Call ------------> RadiusClient --> Transmit(server, socket, octets)
///     datagram, instant ------^     `--> Answered, Unanswered, ServerDied
///
/// RADIUS rests on MD5. What is proven here is proven by HMAC-MD5 (Message-Authenticator) where RADIUS has it,
/// which no collision of MD5 touches; run it over a network of your own all the same.
@NullMarked
package dev.postern.radius;

import org.jspecify.annotations.NullMarked;
