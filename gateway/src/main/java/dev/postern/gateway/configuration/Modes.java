package dev.postern.gateway.configuration;

/// What the mode of a table means for its other keys.
///
/// @param key the key that says the mode
/// @param mode what it says
record Modes(Section section, Key<?> key, Enum<?> mode) {
    /// These keys mean something only in that mode.
    void reserve(Enum<?> only, Key<?>... keys) {
        if (mode == only || !section.sound(key)) {
            return;
        }
        for (Key<?> each : keys) {
            if (section.has(each)) {
                section.place(each)
                        .contradicts(
                                "means nothing with "
                                        + key.name()
                                        + " = \""
                                        + BasicTypes.word(mode)
                                        + "\"; legal with "
                                        + key.name()
                                        + " = \""
                                        + BasicTypes.word(only)
                                        + "\" only");
            }
        }
    }

    /// In that mode, this key must be there.
    void demand(Enum<?> where, Key<?> needed) {
        if (mode == where && section.sound(key) && !section.has(needed)) {
            section.missing(
                    needed, "missing with " + key.name() + " = \"" + BasicTypes.word(where) + "\"");
        }
    }
}
