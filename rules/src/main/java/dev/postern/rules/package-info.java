/// Rules about the tree itself, held by the build: the layout of Java files ([SourceFormat]), and,
/// in the tests of this module, which module may know which, what the core must not touch (clocks,
/// threads, sockets, files, randomness), and what no file may contain. A failing rule names the
/// class or file, what it mentions, and the rule.
@NullMarked
package dev.postern.rules;

import org.jspecify.annotations.NullMarked;
