package dev.postern.rules;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One class file, reduced to what it mentions.
///
/// @param name the binary name
/// @param references `a.b.C` for a class, `a.b.C.field` for a field, `a.b.C.method(descriptor)` for
///   a method, and `synchronized` where the class locks a monitor
record CompiledClass(String name, Set<String> references) {
    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([^;<]+)[;<]");

    static CompiledClass read(Path file) throws IOException {
        ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
        Set<String> references = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            collect(entry, references);
        }
        model.fields().forEach(f -> types(f.fieldType().stringValue(), references));
        for (MethodModel method : model.methods()) {
            types(method.methodType().stringValue(), references);
            if (locks(method)) {
                references.add("synchronized");
            }
        }
        return new CompiledClass(dotted(model.thisClass().asInternalName()), references);
    }

    private static void collect(PoolEntry entry, Set<String> references) {
        switch (entry) {
            case ClassEntry type when type.asInternalName().startsWith("[") ->
                    types(type.asInternalName(), references);
            case ClassEntry type -> references.add(dotted(type.asInternalName()));
            case FieldRefEntry field ->
                    references.add(owner(field) + "." + field.name().stringValue());
            case MemberRefEntry method ->
                    references.add(
                            owner(method)
                                    + "."
                                    + method.name().stringValue()
                                    + method.type().stringValue());
            case NameAndTypeEntry member -> types(member.type().stringValue(), references);
            case MethodTypeEntry type -> types(type.descriptor().stringValue(), references);
            default -> {} // text and numbers mention nothing
        }
    }

    private static boolean locks(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .anyMatch(element ->
                                element instanceof MonitorInstruction monitor
                                        && monitor.opcode() == Opcode.MONITORENTER);
    }

    private static void types(String descriptor, Set<String> references) {
        Matcher type = TYPE_IN_DESCRIPTOR.matcher(descriptor);
        while (type.find()) {
            references.add(dotted(type.group(1)));
        }
    }

    private static String owner(MemberRefEntry member) {
        return dotted(member.owner().asInternalName());
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
