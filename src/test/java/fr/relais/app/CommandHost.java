package fr.relais.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * A JVM that runs commands of the application one after the other. Each command runs as if it were a process of its
 * own, with its own environment variables, both output streams as one, and an exit code. Every command but the first
 * starts in a fraction of the time.
 *
 * <p>For each command, the host reads from standard input the number of variables, their names and values, the number
 * of arguments and the arguments. It writes to standard output the exit code, the length of the output and the output.
 * It uses no other class of the tests, because their class path would change how the application behaves.
 */
public final class CommandHost
        implements EnvironmentPostProcessor, ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    private static final Map<String, Object> VARIABLES = new TreeMap<>();
    private static final Queue<ConfigurableApplicationContext> CONTEXTS = new ConcurrentLinkedQueue<>();

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(System.out);
        while (true) {
            VARIABLES.clear();
            try {
                for (int left = in.readInt(); left > 0; left--) {
                    VARIABLES.put(in.readUTF(), in.readUTF());
                }
            } catch (EOFException e) {
                // The tests have ended.
                Runtime.getRuntime().halt(0);
            }
            String[] arguments = new String[in.readInt()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = in.readUTF();
            }
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            PrintStream both = new PrintStream(output, true, UTF_8);
            System.setOut(both);
            System.setErr(both);
            int exitCode = RelaisApplication.run(arguments);
            // In a process of its own, the shutdown hook would do this.
            CONTEXTS.forEach(ConfigurableApplicationContext::close);
            CONTEXTS.clear();
            both.flush();
            out.writeInt(exitCode);
            out.writeInt(output.size());
            output.writeTo(out);
            out.flush();
        }
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, Map.copyOf(VARIABLES)));
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        CONTEXTS.add(context);
    }

    /** Returns a precedence before that of the processors that read the environment. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
