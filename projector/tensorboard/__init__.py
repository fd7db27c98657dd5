"""The page as a tab of TensorBoard: the server's application below the route of a plug-in."""
