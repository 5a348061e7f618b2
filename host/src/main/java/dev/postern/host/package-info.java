/// What a client changes on its host beyond its own TUN device, and how it is put back.
///
/// Each [Change] is written into the [Journal] before it is made, and taken out once it is undone:
///
///     Journal.add(change) --> the change --> ... --> undo --> Journal.remove(change)
///
/// A process that dies leaves its journal behind. [Restoration] undoes what stands in it: at the
/// next start, or by command. [HostRoutes] and [HostResolver] are what changes.
@NullMarked
package dev.postern.host;

import org.jspecify.annotations.NullMarked;
