package dev.postern.sim.mutation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A change to a method of the production code, and to another one where a claim has two defences.
///
/// @param type the class that is changed, by its name
/// @param what the change in words, for a test's name
/// @param besides what is changed with it
record Mutation(String type, String what, Change change, List<Mutation> besides) {
    private Mutation(String type, String what, Change change) {
        this(type, what, change, List.of());
    }

    /// Both changes in one build.
    Mutation and(Mutation other) {
        return new Mutation(type, what + ", and " + other.what, change, List.of(other));
    }

    /// Writes the class anew and says how many places were changed.
    @FunctionalInterface
    interface Change {
        byte[] apply(ClassModel model, AtomicInteger places);
    }

    /// The method's body becomes this, in all methods of the name.
    static Mutation body(
            String type, String method, String what, Consumer<CodeBuilder> replacement) {
        return new Mutation(
                type,
                what,
                (model, places) ->
                        ClassFile.of()
                                .transformClass(model, methodBody(method, replacement, places)));
    }

    /// In this method, every call of that one is made and its result, an `int` or `boolean`,
    /// replaced.
    static Mutation result(String type, String method, String callee, String what, int constant) {
        return calls(
                type,
                method,
                callee,
                what,
                (code, call) -> code.with(call).pop().loadConstant(constant));
    }

    /// In this method no call of that one is made, which has a receiver, one argument and no
    /// result.
    static Mutation omission(String type, String method, String callee, String what) {
        return calls(type, method, callee, what, (code, _) -> code.pop().pop());
    }

    /// In this method this `int` of the object is left as it is.
    static Mutation unwritten(String type, String method, String field, String what) {
        return new Mutation(
                type,
                what,
                (model, places) ->
                        ClassFile.of()
                                .transformClass(
                                        model,
                                        ClassTransform.transformingMethodBodies(
                                                candidate ->
                                                        candidate.methodName().equalsString(method),
                                                (code, element) -> {
                                                    if (element instanceof FieldInstruction write
                                                            && write.opcode() == Opcode.PUTFIELD
                                                            && write.name().equalsString(field)) {
                                                        places.incrementAndGet();
                                                        code.pop().pop();
                                                    } else {
                                                        code.with(element);
                                                    }
                                                })));
    }

    /// In this method, every call of that one is made and its result, octets, replaced by so many
    /// zeros.
    static Mutation emptied(String type, String method, String callee, int length, String what) {
        return calls(
                type,
                method,
                callee,
                what,
                (code, call) -> code.with(call).pop().loadConstant(length).newarray(TypeKind.BYTE));
    }

    /// In this method, every call of that one is made and its result, a list, emptied.
    static Mutation emptyList(String type, String method, String callee, String what) {
        ClassDesc list = ClassDesc.of("java.util.List");
        return calls(
                type,
                method,
                callee,
                what,
                (code, call) ->
                        code.with(call)
                                .pop()
                                .invokestatic(list, "of", MethodTypeDesc.of(list), true));
    }

    /// In this method, every call of these is made and its result, an object, replaced by null.
    static Mutation nothing(String type, String method, Set<String> callees, String what) {
        return calls(
                type, method, callees, what, (code, call) -> code.with(call).pop().aconst_null());
    }

    private static Mutation calls(
            String type,
            String method,
            String callee,
            String what,
            BiConsumer<CodeBuilder, InvokeInstruction> replacement) {
        return calls(type, method, Set.of(callee), what, replacement);
    }

    private static Mutation calls(
            String type,
            String method,
            Set<String> callees,
            String what,
            BiConsumer<CodeBuilder, InvokeInstruction> replacement) {
        return new Mutation(
                type,
                what,
                (model, places) ->
                        ClassFile.of()
                                .transformClass(
                                        model,
                                        ClassTransform.transformingMethodBodies(
                                                candidate ->
                                                        candidate.methodName().equalsString(method),
                                                transform(callees, replacement, places))));
    }

    private static CodeTransform transform(
            Set<String> callees,
            BiConsumer<CodeBuilder, InvokeInstruction> replacement,
            AtomicInteger places) {
        return (code, element) -> {
            if (element instanceof InvokeInstruction call
                    && callees.contains(call.name().stringValue())) {
                places.incrementAndGet();
                replacement.accept(code, call);
            } else {
                code.with(element);
            }
        };
    }

    private static ClassTransform methodBody(
            String method, Consumer<CodeBuilder> replacement, AtomicInteger places) {
        return (builder, element) -> {
            if (element instanceof MethodModel candidate
                    && candidate.methodName().equalsString(method)
                    && candidate.code().isPresent()) {
                places.incrementAndGet();
                builder.transformMethod(
                        candidate,
                        (methodBuilder, part) -> {
                            if (part instanceof CodeModel) {
                                methodBuilder.withCode(replacement);
                            } else {
                                methodBuilder.with(part);
                            }
                        });
            } else {
                builder.with(element);
            }
        };
    }

    /// The mutated class.
    ///
    /// @throws AssertionError where the method or call is not there any more: the mutation has to
    ///   follow the code
    byte[] apply(byte[] original) {
        AtomicInteger places = new AtomicInteger();
        byte[] mutated = change.apply(ClassFile.of().parse(original), places);
        if (places.get() == 0) {
            throw new AssertionError("nothing to mutate in " + type + ": " + what);
        }
        return mutated;
    }

    @Override
    public String toString() {
        return what;
    }
}
