/// Fuzz targets: one method per decoder, and one for whole sequences of datagrams.
///
/// Each target states what must hold for *any* octets: nothing but the typed refusal is thrown,
/// what was decoded encodes to something that decodes to the same, and what is made from an input
/// is bounded by the input.
///
/// In an ordinary test run a target sees its seeds,
/// `src/test/resources/.../<Class>Inputs/<method>/`: messages of real exchanges, and every input
/// that ever broke it. `TimeBoxedRunTest` then lets the fuzzer work on each for a few seconds;
/// `./postern fuzz SECONDS` does so for longer. An input that breaks a target is written beside the
/// seeds and stays there as a regression test.
@NullMarked
package dev.postern.fuzz;

import org.jspecify.annotations.NullMarked;
