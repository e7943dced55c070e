// Who is signed in and with which role; the colours; the way out.

import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { toast } from '../parts/toasts.tsx';
import { signOut, useMe } from '../session/session.tsx';

export function PersonMenu(): ReactNode {
  const { name, role } = useMe();
  const { setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const leave = async (): Promise<void> => {
    try {
      await signOut();
      await navigate({ to: '/sign-in', replace: true });
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton className="person">
          <span className="person-sign" aria-hidden="true">
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="wide-word">
            <span className="person-name">{name}</span>, <span className="dimmed small">{role}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {role}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="sun" size={16} />} onClick={() => setColorScheme('light')}>
          Light
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="moon" size={16} />} onClick={() => setColorScheme('dark')}>
          Dark
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme('auto')}>As the system</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
