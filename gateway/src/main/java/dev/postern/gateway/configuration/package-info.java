/// The two daemons' settings, each from one commented TOML file.
///
/// [GatewayConfiguration] and [ClientConfiguration] are what the daemons see: immutable, complete,
/// and already judged. Either there is such a record or there is a [ConfigurationException] with
/// every [Problem] of the file at once, each with file, line, key, value and what would be legal.
///
/// How a file becomes a record:
///
///     text -> TomlDocument (org.tomlj)   syntax
///          -> Section                     one table of the file, read through the keys of its Shape
///          -> GatewayReader, ...          what holds between keys
///          -> record
///
/// Each key is declared once, in [GatewayKeys], [ClientKeys] or [SharedKeys], with its type, default
/// and meaning; the reader, the messages and `docs/configuration.md` have no other source. Secrets
/// become [dev.postern.crypto.SecretBytes] where they are read and stand in no message.
@NullMarked
package dev.postern.gateway.configuration;

import org.jspecify.annotations.NullMarked;
