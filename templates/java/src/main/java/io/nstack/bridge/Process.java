package io.nstack.bridge;

import java.io.IOException;

/**
 * The life of the process that serves one class. Its parts are classes rather than lambdas, which
 * cost milliseconds at the start.
 */
public final class Process implements Runnable, Server.Source {
    private final String className;
    private final Server server;

    private Process(String className, FrameWriter output) {
        this.className = className;
        server = new Server(this, output);
    }

    /** Ends the process. */
    public static void serve(String className) throws IOException {
        Descriptors descriptors = Descriptors.take();
        Process process = new Process(className, descriptors.output);
        Notifications.sendTo(descriptors.output);
        new Loop(process.server, new FrameReader(descriptors.input), descriptors.output)
                .run(process);
        process.run();
    }

    @Override
    public Class<?> load() {
        try {
            return Class.forName(className, true, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException none) {
            throw new RpcError(RpcError.SERVICE_ERROR, "there is no class " + className);
        }
    }

    /** Ends the service, and the process with it. */
    @Override
    public void run() {
        int code = 0;
        try {
            server.stop();
        } catch (Throwable error) {
            System.err.println(Stacks.headline(error));
            code = 1;
        }
        Notifications.sendTo(null);
        System.out.flush();
        System.exit(code);
    }
}
