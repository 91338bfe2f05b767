package fr.relais;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.Map;

/**
 * The record classes that the JDK keeps in memory. Before Java 19, the JDK keeps the class of the record that was
 * compared last. That class keeps all classes of its application in memory, even after a server has undeployed the
 * application.
 */
final class ComparedRecords {

    private static final Map<String, MethodType> METHODS = Map.of(
            "equals", MethodType.methodType(boolean.class, String.class, Object.class),
            "hashCode", MethodType.methodType(int.class, String.class),
            "toString", MethodType.methodType(String.class, String.class));

    private ComparedRecords() {}

    /** Makes the JDK keep one of its own classes instead. */
    static void forget() {
        MethodHandle field = MethodHandles.identity(String.class);
        METHODS.forEach((name, type) -> {
            try {
                ObjectMethods.bootstrap(MethodHandles.lookup(), name, type, String.class, "value", field);
            } catch (Throwable e) {
                // The classes stay in memory until another record is compared.
            }
        });
    }
}
