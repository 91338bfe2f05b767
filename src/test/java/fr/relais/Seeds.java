package fr.relais;

import java.lang.reflect.Method;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Seeds of random tests. A run draws new ones; with {@code -Drelais.seed=N} each random test runs once, with the seed N.
 *
 * <p>As the extension of a class whose parameterized tests take a seed as their last argument, prints it before each test and
 * says in the message of a failure how to replay it.
 */
final class Seeds implements InvocationInterceptor {

    private static final Integer GIVEN = Integer.getInteger("relais.seed");

    /** As many seeds as asked for, or the one given. */
    static Stream<Integer> draw(int count) {
        return GIVEN == null ? new Random().ints(count).boxed() : Stream.of(GIVEN);
    }

    static Stream<Integer> one() {
        return draw(1);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        String test = context.getRequiredTestClass().getSimpleName();
        Object seed = call.getArguments().get(call.getArguments().size() - 1);
        System.out.println(test + ", seed " + seed);
        try {
            invocation.proceed();
        } catch (Exception | AssertionError e) {
            // Maven's summary has no display names.
            throw new AssertionError(
                    "Replay with -Dit.test=%s -Drelais.seed=%s. %s".formatted(test, seed, e.getMessage()), e);
        }
    }
}
